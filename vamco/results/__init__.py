"""The register of what was issued (kết quả giải quyết): numbered, checkable by anyone, with its history."""
