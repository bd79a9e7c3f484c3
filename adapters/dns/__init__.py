"""Questions to name servers."""
