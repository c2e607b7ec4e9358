"""The picture of a page as the screen shows it: the real app in headless Chromium."""
