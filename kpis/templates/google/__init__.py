"""A shared Google Sheet prepared for filling: tabs, headers, validation rules, protection."""
