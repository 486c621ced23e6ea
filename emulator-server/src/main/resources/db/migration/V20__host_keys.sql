-- By which key the machine of a compute target was known when it was first entered.
create table host_key (
    workspace_id varchar(36)   not null,
    target       varchar(64)   not null,
    public_key   varchar(4000) not null,
    seen         timestamp(6) with time zone not null,
    primary key (workspace_id, target)
);
