"""The screens: each turns messages into calls of the workspace and answers into plain values."""
