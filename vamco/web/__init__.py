"""Layout, components and static files of both faces. Holds no logic of a room: see README.md here."""
