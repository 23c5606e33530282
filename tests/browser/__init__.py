"""Stories on the page itself, in the system's Chromium: people find everything by the names that stand there."""
