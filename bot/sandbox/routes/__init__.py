"""Discord's REST resources, one module a resource; each handler turns a call into a reply."""
