"""What can be found in running text: times, addresses, links, words that tell the offence."""
