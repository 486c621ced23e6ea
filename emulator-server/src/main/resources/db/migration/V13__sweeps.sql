-- What a child of a sweep tries, and what it has reported of the primary metric.
alter table child add column trial varchar(1000000);

-- A sweep's run bears a tag for each of its trials.
alter table run alter column tags set data type varchar(1000000);
