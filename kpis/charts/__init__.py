"""The few kinds of chart and their palette, drawn the same on the screen, in the pack and in Word."""
