"""The widgets: they draw plain values, post messages and never see the workspace."""
