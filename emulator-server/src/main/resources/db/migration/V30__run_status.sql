-- What an execution changes of a run, apart from what it was made as: each row changes several times, and here it is short
-- and in no index but its key.
create table run_status (
    workspace_id varchar(36)  not null,
    run_id       varchar(256) not null,
    status       varchar(32)  not null,
    started      timestamp with time zone,
    ended        timestamp with time zone,
    error        varchar(3000),
    heartbeat    timestamp with time zone,
    primary key (workspace_id, run_id)
);

insert into run_status (workspace_id, run_id, status, started, ended, error, heartbeat)
    select workspace_id, run_id, status, started, ended, error, heartbeat from run;

alter table run drop column status;
alter table run drop column started;
alter table run drop column ended;
alter table run drop column error;
alter table run drop column heartbeat;
