-- What the hours of a day are judged by beside the runs, kept where it is read: the hours that the vendor counts, those of them in which it counts more
-- than was found, what it counts of the whole day beyond what was found, and when it was asked; missing and as_of are null where it says nothing.
alter table read.coverage_days
    add column counted integer not null default 0,
    add column lacking integer not null default 0,
    add column missing bigint,
    add column as_of   timestamptz;
