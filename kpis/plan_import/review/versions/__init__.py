"""From a decided draft to an accepted version of a plan in the installation's own register."""
