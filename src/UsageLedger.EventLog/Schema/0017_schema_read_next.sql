-- Where a rebuild builds, before it takes the place of the read model.
create schema read_next;
