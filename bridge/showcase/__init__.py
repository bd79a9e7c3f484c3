"""The demo: made-up complaints, told as they are decided."""
