-- How many of a job's nodes only serve the others, as parameter servers do.
alter table job add column serving integer default 0 not null;
