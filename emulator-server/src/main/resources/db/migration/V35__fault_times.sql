-- When a fault begins and ends by itself.
alter table fault add column begins_at timestamp(6) with time zone;
alter table fault add column ends_at timestamp(6) with time zone;

-- Whose doing it is that a node will be evicted, or is unusable.
alter table node add column fault varchar(64);

-- The number by which rules of eviction know a job, and how many such numbers a rule has given.
alter table job add column rule_number integer;
alter table fault add column met integer;
