insert into ledger.log_head (position, recorded_at) values (0, 'epoch');
