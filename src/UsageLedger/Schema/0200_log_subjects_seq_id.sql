-- Corrections within a range of positions, without reading the range.
create index log_subjects_seq_id on ledger.log_subjects (seq_id);
