-- Changed rows are written here first, many to a row, and into their own tables a little later: database.WriteBehind.
create table if not exists journal (
    number  bigint not null primary key,
    entries bytea  not null
);

-- A job is found by its number, which is the cheapest of keys. One that has ended is the run history's alone. The columns
-- are whatever the table has by now; what they may hold is the engine's affair.
drop table if exists live_job;
create table live_job as select * from job with no data;
alter table live_job alter column sequence_number set not null;
alter table live_job add primary key (sequence_number);
insert into live_job select * from job where live;
drop table job;
alter table live_job rename to job;
