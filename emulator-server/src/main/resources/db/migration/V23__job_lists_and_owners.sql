-- The run whose token made a logged model that is of no run; null where a person did.
alter table logged_model add column owner varchar(255);

-- A page of a workspace's jobs, or of a run's children, is read along it, however many there are.
create index run_below on run (workspace_id, parent_run_id, created desc, run_id);
drop index run_by_parent;
