-- Makes empty twins of the read tables in read_next, with their keys and indexes.
create function ledger.begin_rebuild(tables text[]) returns void language plpgsql as $$
declare t text;
begin
    foreach t in array tables loop
        execute format('drop table if exists read_next.%I', t);
        execute format('create table read_next.%I (like read.%I including all)', t, t);
    end loop;
end $$;
