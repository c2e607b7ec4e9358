-- meta of version 3 and all rows, as the fourth format's release wrote them for tests/sync/test_older_formats.py
insert into agencies values
('p', 'Sở Công Thương', 0, 'department', 'named', false, null, null),
('p', 'Sở Tài chính', 1, 'department', 'named', false, null, null),
('p', 'Công an tỉnh', 2, 'department', 'named', false, null, null);

insert into curve values
('p.02', '2025-01-01', '2026-03-03', '9999-12-31', true, 1, 1, 0, 2, 3, '2027-12-31'),
('p.01', '2026-01-01', '2026-03-01', '2026-03-05', false, 1, 1, 0, 5, null, '2026-12-31'),
('p.01', '2026-01-01', '2026-03-05', '2026-03-06', false, 2, 1, 0, 7, null, '2026-12-31'),
('p.01', '2026-01-01', '2026-03-06', '2026-05-01', false, 3, 1, 0, 11, null, '2026-12-31'),
('p.01', '2026-01-01', '2026-05-01', '9999-12-31', true, 4, 2, 0, 18, null, '2026-12-31');

insert into entries values
('s', 'p', 'p.01', 'Sở Công Thương', '2026-03-01', 5, null, 'Tin phát thanh về quyền người tiêu dùng', '1/BC', 'An', 'Tiến độ', 2, 6058356909411049401, '2026-06-01T05:00:00', null, null, null, null, null, null, null, null),
('s', 'p', 'p.01', 'Sở Công Thương', '2026-03-01', 5, null, 'Tin phát thanh về quyền người tiêu dùng', '1/BC', 'Bình', 'Tiến độ', 3, 6058356909411049401, '2026-06-01T05:00:00', '2026-06-04T05:00:00', null, null, null, null, null, null, null),
('s', 'p', 'p.01', 'Sở Công Thương', '2026-03-02', 3, null, 'tin hai', '1/BC', null, 'Tiến độ', 4, 780394648030477025, '2026-06-01T05:00:00', '2026-06-02T05:00:00', null, null, null, null, null, null, null),
('s', 'p', 'p.02', 'Sở Công Thương', '2026-03-03', 2, 3, null, '1/BC', 'An', 'Tiến độ', 5, 1678509157416214913, '2026-06-01T05:00:00', null, null, null, null, null, null, null, null),
('s', 'p', 'p.01', 'Sở Công Thương', '2026-03-06', 4, null, 'có tổng số', '1/BC', 'An', 'Tiến độ', 8, 8111745059688478186, '2026-06-01T05:00:00', null, null, null, null, null, null, null, null),
('s', 'p', 'p.01', 'Sở Công Thương', '2026-03-05', 2, null, 'đổi người', null, 'An', 'Tiến độ', 8, 14820982791634308202, '2026-06-02T05:00:00', '2026-06-03T05:00:00', null, null, null, null, null, null, null),
('t', 'p', 'p.01', 'Sở Công Thương', '2026-03-01', 5, null, 'Tin phát thanh về quyền người tiêu dùng', '1/BC', 'Dung', 'Tiến độ', 2, 6058356909411049401, '2026-06-02T05:00:00', '2026-06-04T05:00:00', null, null, null, null, null, null, null),
('t', 'p', 'p.01', 'Sở Tài chính', '2026-05-01', 7, null, 'của t', '1/BC', 'Dung', 'Tiến độ', 3, 4020057974907335594, '2026-06-02T05:00:00', null, null, null, null, null, null, null, null),
('s', 'p', 'p.01', 'Sở Công Thương', '2026-03-01', 5, null, 'Tin phát thanh về quyền người tiêu dùng', '1/BC', 'Chi', 'Tiến độ', 2, 6058356909411049401, '2026-06-03T05:00:00', '2026-06-04T05:00:00', null, null, null, null, null, null, null),
('s', 'p', 'p.01', 'Sở Công Thương', '2026-03-05', 2, null, 'đổi người', null, 'Bình', 'Tiến độ', 9, 14820982791634308202, '2026-06-03T05:00:00', null, null, null, null, null, null, null, null);

insert into indicators values
('launch_ceremony', 2, 'launch_ceremony', 'launch_ceremony', 'u', 'u', 'milestone', 'increment', false, null, null),
('officers_trained', 1, 'officers_trained', 'officers_trained', 'u', 'u', 'ratio', 'level', false, null, null),
('news_items', 0, 'news_items', 'news_items', 'u', 'u', 'count', 'increment', false, null, null);

insert into meta values
('register_hash', 'first'),
('rules_hash', '8570e92bf58de1f48c26dce74765d9e7'),
('recorded_at', '2026-06-04T05:00:00'),
('sample', 'no'),
('format', '4'),
('version', '3');

insert into periods values
('p.03', '2026-01-01', '2026-12-31', '2026-12-31', 1.000000, 2026, 2026, null, '2026-01-01', true, null, null, null, null, null, null),
('p.01', '2026-01-01', '2026-12-31', '2026-12-31', 50.000000, 2026, 2026, null, '2026-01-01', true, null, null, null, null, null, null),
('p.02', '2025-01-01', '2027-12-31', '2027-12-31', 1.000000, 2025, 2027, null, '2025-01-01', true, null, null, null, null, null, null),
('p.01', '2025-01-01', '2025-12-31', '2025-12-31', 50.000000, 2025, 2025, null, '2025-01-01', true, null, null, null, null, null, null),
('p.03', '2025-01-01', '2025-12-31', '2025-12-31', 1.000000, 2025, 2025, null, '2025-01-01', true, null, null, null, null, null, null),
('p.01', '2027-01-01', '2027-12-31', '2027-12-31', 50.000000, 2027, 2027, null, '2027-01-01', true, null, null, null, null, null, null),
('p.03', '2027-01-01', '2027-12-31', '2027-12-31', 1.000000, 2027, 2027, null, '2027-01-01', true, null, null, null, null, null, null);

insert into plans values
('p', 0, 'Thử', 'Thử', 'province', 'Kế hoạch thử', 'Trial plan', 'UBND', null, null, 2025, 2027, 2027, null, 'Sở Công Thương', null, null, null, null, null);

insert into raw_rows values
('s', 'Tiến độ', 2, '{"agency":["text","Sở Công Thương"],"content":["text","Tin phát thanh về quyền người tiêu dùng"],"entered_by":["text","An"],"evidence":["text","1/BC"],"occurred_on":["date","2026-03-01"],"quantity":["number",5.0],"target":["text","p.01"]}', 8135852228942173293, '2026-06-01T05:00:00', '2026-06-01T05:00:00', null),
('s', 'Tiến độ', 3, '{"agency":["text","Sở Công Thương"],"content":["text","Tin phát thanh về quyền người tiêu dùng"],"entered_by":["text","Bình"],"evidence":["text","1/BC"],"occurred_on":["date","2026-03-01"],"quantity":["number",5.0],"target":["text","p.01"]}', 1533982198778991630, '2026-06-01T05:00:00', '2026-06-01T05:00:00', null),
('s', 'Tiến độ', 4, '{"agency":["text","Sở Công Thương"],"content":["text","tin hai"],"evidence":["text","1/BC"],"occurred_on":["date","2026-03-02"],"quantity":["number",3.0],"target":["text","p.01"]}', 7365868524939647669, '2026-06-01T05:00:00', '2026-06-01T05:00:00', '2026-06-02T05:00:00'),
('s', 'Tiến độ', 5, '{"agency":["text","Sở Công Thương"],"denominator":["number",3.0],"entered_by":["text","An"],"evidence":["text","1/BC"],"occurred_on":["date","2026-03-03"],"quantity":["number",2.0],"target":["text","p.02"]}', 17039471006483607337, '2026-06-01T05:00:00', '2026-06-01T05:00:00', null),
('s', 'Tiến độ', 6, '{"agency":["text","Sở Mới"],"entered_by":["text","An"],"evidence":["text","1/BC"],"occurred_on":["date","2026-03-04"],"quantity":["number",1.0],"target":["text","p.01"]}', 15667846263143233013, '2026-06-01T05:00:00', '2026-06-01T05:00:00', null),
('s', 'Tiến độ', 7, '{"agency":["text","Sở Mới"],"entered_by":["text","Bình"],"evidence":["text","1/BC"],"occurred_on":["date","2026-03-04"],"quantity":["number",1.0],"target":["text","p.01"]}', 10599032555269425697, '2026-06-01T05:00:00', '2026-06-01T05:00:00', null),
('s', 'Tiến độ', 8, '{"agency":["text","Sở Công Thương"],"content":["text","có tổng số"],"denominator":["number",9.0],"entered_by":["text","An"],"evidence":["text","1/BC"],"occurred_on":["date","2026-03-06"],"quantity":["number",4.0],"target":["text","p.01"]}', 7792926750971040058, '2026-06-01T05:00:00', '2026-06-01T05:00:00', null),
('s', 'Nhiệm vụ', 2, '{"result":["text","khởi động"],"status":["text","Đang thực hiện"],"task":["text","p.I.1"]}', 9293115642495799012, '2026-06-01T05:00:00', '2026-06-01T05:00:00', '2026-06-03T05:00:00'),
('s', 'Tiến độ', 8, '{"agency":["text","Sở Công Thương"],"content":["text","đổi người"],"entered_by":["text","An"],"occurred_on":["date","2026-03-05"],"quantity":["number",2.0],"target":["text","p.01"]}', 13415060667579888060, '2026-06-01T05:00:00', '2026-06-02T05:00:00', '2026-06-03T05:00:00'),
('t', 'Tiến độ', 2, '{"agency":["text","Sở Công Thương"],"content":["text","Tin phát thanh về quyền người tiêu dùng"],"entered_by":["text","Dung"],"evidence":["text","1/BC"],"occurred_on":["date","2026-03-01"],"quantity":["number",5.0],"target":["text","p.01"]}', 10513807082321717049, '2026-06-01T05:00:00', '2026-06-02T05:00:00', null),
('t', 'Tiến độ', 3, '{"agency":["text","Sở Tài chính"],"content":["text","của t"],"entered_by":["text","Dung"],"evidence":["text","1/BC"],"occurred_on":["date","2026-05-01"],"quantity":["number",7.0],"target":["text","p.01"]}', 9169424901595462103, '2026-06-01T05:00:00', '2026-06-02T05:00:00', null),
('s', 'Tiến độ', 2, '{"agency":["text","Sở Công Thương"],"content":["text","Tin phát thanh về quyền người tiêu dùng"],"entered_by":["text","Chi"],"evidence":["text","1/BC"],"occurred_on":["date","2026-03-01"],"quantity":["number",5.0],"target":["text","p.01"]}', 14870415528871729463, '2026-06-01T05:00:00', '2026-06-03T05:00:00', null),
('s', 'Tiến độ', 9, '{"agency":["text","Sở Công Thương"],"content":["text","đổi người"],"entered_by":["text","Bình"],"occurred_on":["date","2026-03-05"],"quantity":["number",2.0],"target":["text","p.01"]}', 4537617221004115915, '2026-06-01T05:00:00', '2026-06-03T05:00:00', null),
('s', 'Nhiệm vụ', 2, '{"finished_on":["date","2026-06-02"],"result":["text","xong"],"status":["text","Hoàn thành"],"task":["text","p.I.1"]}', 5135143620349622309, '2026-06-01T05:00:00', '2026-06-03T05:00:00', null);

insert into rejections values
('s', 'p', null, 'p.01', 'Tiến độ', 6, 'B6', 'Cơ quan', 'agency_unknown', 'Sở Mới', '{}', 7461386296674469308, '2026-06-01T05:00:00', null),
('s', 'p', null, 'p.01', 'Tiến độ', 7, 'B7', 'Cơ quan', 'agency_unknown', 'Sở Mới', '{}', 7461386296674469308, '2026-06-01T05:00:00', '2026-06-04T05:00:00'),
('s', 'p', 'Sở Công Thương', 'p.01', 'Tiến độ', 3, 'A3', 'Ngày', 'duplicate_row', '01/03/2026', '{"row": 2}', 12569408216869692880, '2026-06-04T05:00:00', null),
('s', 'p', 'Sở Công Thương', 'p.01', 'Tiến độ', 4, 'A4', 'Ngày', 'duplicate_row', '01/03/2026', '{"row": 2}', 15100422164182031850, '2026-06-04T05:00:00', null),
('s', 'p', null, 'p.01', 'Tiến độ', 7, 'A7', 'Ngày', 'duplicate_row', '04/03/2026', '{"row": 6}', 17639085486639910896, '2026-06-04T05:00:00', null),
('t', 'p', 'Sở Công Thương', 'p.01', 'Tiến độ', 2, 'A2', 'Ngày', 'duplicate_row', '01/03/2026', '{"reason": "source", "source": "s"}', 6058356909411049401, '2026-06-04T05:00:00', null);

insert into sections values
('p', 'I', 0, null, 'Mục', 'Section', 8, null, null);

insert into source_states values
('s', 'p', 'workbook', 's.xlsx', '069798c0855f6c4e1f7a0cf6be262c88', 9, 5, 2, 4, '2026-06-04T05:00:00', '2026-06-03T05:00:00', true, null, 0, 'first 8570e92bf58de1f48c26dce74765d9e7', '[{"tab": "Tiến độ", "header_row": 1, "date1904": false, "columns": {"occurred_on": [0, "Ngày"], "agency": [1, "Cơ quan"], "target": [2, "Chỉ tiêu"], "quantity": [3, "Số lượng"], "denominator": [4, "Tổng số"], "content": [5, "Nội dung"], "evidence": [6, "Minh chứng"], "entered_by": [7, "Người nhập"]}}, {"tab": "Nhiệm vụ", "header_row": 1, "date1904": false, "columns": {"task": [0, "Mã"], "agency": [1, "Cơ quan"], "status": [2, "Trạng thái"], "finished_on": [3, "Ngày hoàn thành"], "result": [4, "Kết quả"]}}]', 0, 2),
('t', 'p', 'workbook', 't.xlsx', 'ba841baf9fe9926ccede791c2d0b7aa5', 2, 1, 0, 1, '2026-06-04T05:00:00', '2026-06-02T05:00:00', false, null, 1, 'first 8570e92bf58de1f48c26dce74765d9e7', '[{"tab": "Tiến độ", "header_row": 1, "date1904": false, "columns": {"occurred_on": [0, "Ngày"], "agency": [1, "Cơ quan"], "target": [2, "Chỉ tiêu"], "quantity": [3, "Số lượng"], "denominator": [4, "Tổng số"], "content": [5, "Nội dung"], "evidence": [6, "Minh chứng"], "entered_by": [7, "Người nhập"]}}]', 0, 2);

insert into standings values
('p.01', '2026-01-01', 'Sở Công Thương', 3, '2026-03-06', '2026-03-01', 11, null, 3, 11, null, '2026-12-31'),
('p.01', '2026-01-01', 'Sở Tài chính', 1, '2026-05-01', '2026-05-01', 7, null, 1, 7, null, '2026-12-31'),
('p.02', '2025-01-01', 'Sở Công Thương', 1, '2026-03-03', '2026-03-03', 2, 3, 1, 2, 3, '2027-12-31');

insert into targets values
('p.03', 'p', 2, 'launch_ceremony', 'Chỉ tiêu 3', 'Target 3', 'I', 3, 'milestone', 'increment', '>=', 1.000000, null, 'tin', 'items', 'yearly', 'stated', null, null, 'binding', 'Sở Công Thương', 'stated', 'linear', null, 0, true, 1, null, null, null, 10, null, null, null, null),
('p.01', 'p', 0, 'news_items', 'Chỉ tiêu 1', 'Target 1', 'I', 1, 'count', 'increment', '>=', 50.000000, null, 'tin', 'items', 'yearly', 'stated', null, null, 'binding', 'Sở Công Thương', 'stated', 'linear', null, 0, true, 1, null, null, null, 10, null, null, null, null),
('p.02', 'p', 1, 'officers_trained', 'Chỉ tiêu 2', 'Target 2', 'I', 2, 'ratio', 'level', '>=', 1.000000, null, 'tin', 'items', 'by_end', 'stated', null, null, 'binding', 'Sở Công Thương', 'stated', 'linear', null, 0, true, 1, null, null, null, 10, null, null, null, null);

insert into task_instances values
('p.I.1', 2026, '2026-01-01', '2026-12-31', null, null, null);

insert into task_leads values
('p.I.1', 'Sở Công Thương', false, 0, null, null);

insert into task_reports values
('s', 'p', 'p.I.1', 'Sở Công Thương', 'in_progress', null, 'khởi động', null, null, 'Nhiệm vụ', 2, 6394259164466273593, '2026-06-01T05:00:00', '2026-06-03T05:00:00'),
('s', 'p', 'p.I.1', 'Sở Công Thương', 'done', '2026-06-02', 'xong', null, null, 'Nhiệm vụ', 2, 5943098532561066586, '2026-06-03T05:00:00', null);

insert into tasks values
('p.I.1', 'p', 0, 'I', '1', 'Việc', 'Task', 9, null, null, 'once', 2026, 2026, null, null);

insert into tracked_plans values
('p', '0001-01-01T00:00:00', null);

insert into warnings values
('s', 'p', 'Sở Công Thương', 'p.01', 'Tiến độ', 8, 'G8', 'Minh chứng', 'evidence_missing', '', '{}', 14820982791634308202, '2026-06-02T05:00:00', '2026-06-03T05:00:00'),
('s', 'p', 'Sở Công Thương', 'p.01', 'Tiến độ', 9, 'G9', 'Minh chứng', 'evidence_missing', '', '{}', 14820982791634308202, '2026-06-03T05:00:00', null),
('s', 'p', 'Sở Công Thương', null, 'Nhiệm vụ', 2, null, null, 'evidence_missing', '', '{}', 5943098532561066586, '2026-06-03T05:00:00', null);
