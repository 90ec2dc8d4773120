"""The demo: Long An's units of 2016 with people in their posts and the work of the last month, made by the real actions
under a clock that is told the time. `vamco demo` loads and serves it; without that command nothing of it runs."""
