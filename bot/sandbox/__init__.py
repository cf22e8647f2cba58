"""A local Discord on loopback: REST, gateway and a control API over real sockets."""
