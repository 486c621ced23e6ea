-- The page shows the latest of all workspaces at every look.
create index run_by_time on run (created desc, run_id);
