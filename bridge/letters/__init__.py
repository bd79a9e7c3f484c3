"""What customers, reporters and staff read: templates as data, one folder per locale, and the words for our tokens."""

from bridge.letters.compose import Fact, Letter, Letters
from bridge.letters.load import load_letters, read_words
from bridge.letters.plain import plain

__all__ = ["Fact", "Letter", "Letters", "load_letters", "plain", "read_words"]
