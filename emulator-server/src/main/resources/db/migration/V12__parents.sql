-- Runs that consist of others, as long as they have not ended, and what they know of their children.
create table parent (
    sequence_number bigint       not null primary key,
    workspace_id    varchar(36)  not null,
    run_id          varchar(256) not null,
    plan            varchar(1000000) not null,
    phase           varchar(32)  not null,
    outcome         varchar(32),
    submitted       timestamp(6) with time zone not null,
    started         timestamp(6) with time zone,
    error           varchar(100000)
);

create table child (
    workspace_id varchar(36)  not null,
    run_id       varchar(256) not null,
    parent       varchar(256) not null,
    name         varchar(256) not null,
    phase        varchar(32)  not null,
    since        timestamp(6) with time zone not null,
    primary key (workspace_id, run_id)
);
