"""OpenAPI documents, compiled: routes, schemas, and the reading of requests."""
