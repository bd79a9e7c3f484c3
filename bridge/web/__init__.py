"""The program over HTTP (interface 6): the API and its description, health and metrics, pages for the panel to show."""
