-- How many attempts an execution took, for after its end. Of those that have ended before, nobody knows more than that it was one.
alter table run_status add column attempt integer default 0 not null;

update run_status s set attempt = 1 where exists (
    select 1 from run r where r.workspace_id = s.workspace_id and r.run_id = s.run_id and r.executed);
