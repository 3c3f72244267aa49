"""The standard, published: reference pages, JSON Schema and what else is made from the definition files."""
