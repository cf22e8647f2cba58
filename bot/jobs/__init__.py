"""The durable job machine and the services that the Discord side calls."""
