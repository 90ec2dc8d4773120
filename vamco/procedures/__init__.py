"""The catalogue of procedures (danh mục thủ tục hành chính): cases, papers, fields, fees, processes."""
