"""Text, numbers, days and sentences in Vietnamese and English. Imports only the errors."""
