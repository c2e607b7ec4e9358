"""Pictures of pages as shown on the screen: the real app in headless Chromium."""
