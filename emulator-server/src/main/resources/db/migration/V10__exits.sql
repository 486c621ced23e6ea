-- How a job has ended on each of its nodes; exit_code is that of all of it.
alter table job add column exits varchar(100000) default '' not null;
update job set exits = nodes || ':' || cast(exit_code as varchar(11)) || ':false' where exit_code is not null;
