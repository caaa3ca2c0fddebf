-- Makes empty twins of the read tables that this transaction alone sees, and puts them first; they go with its end.
create function ledger.begin_replay(tables text[]) returns void language plpgsql as $$
declare t text;
begin
    foreach t in array tables loop
        execute format('create temp table %1$I (like read.%1$I including all) on commit drop', t);
    end loop;
    perform set_config('search_path', 'pg_temp', true);
end $$;
