"""Vectors, search, the map, and the workspace that joins the parts."""
