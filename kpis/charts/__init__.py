"""The charts and their palette, the same on screen, in the pack and in Word."""
