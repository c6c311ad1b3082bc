"""The console's API, for people who have signed in: the web console is one client of it, `curl` another."""
