"""The reader for whatever no room claims: addresses, links, times and offence out of running text, by their context."""
