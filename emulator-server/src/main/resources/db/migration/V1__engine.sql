-- The engine's state. Written in batches by the control loop, read once at start.

create table target (
    workspace_id     varchar(36)  not null,
    name             varchar(64)  not null,
    display_name     varchar(64)  not null,
    kind             varchar(4000) not null,
    document         varchar(1000000) not null,
    runtime          varchar(16)  not null,
    provisioning     varchar(16)  not null,
    resizing         boolean      not null,
    allocation_since timestamp(6) with time zone not null,
    errors           varchar(100000) not null,
    nodes_made       integer      not null,
    failures         integer      not null,
    retry_at         timestamp(6) with time zone,
    deletion         varchar(200),
    created_on       timestamp(6) with time zone not null,
    modified_on      timestamp(6) with time zone not null,
    primary key (workspace_id, name)
);

create table node (
    id           varchar(64) not null primary key,
    workspace_id varchar(36) not null,
    target       varchar(64) not null,
    slot         integer     not null,
    runtime      varchar(16) not null,
    phase        varchar(16) not null,
    generation   integer     not null,
    ready        boolean     not null,
    image        varchar(128) not null,
    job          varchar(255),
    since        timestamp(6) with time zone not null
);

create table job (
    workspace_id    varchar(36)  not null,
    run_id          varchar(255) not null,
    target          varchar(64)  not null,
    sequence_number bigint       not null,
    phase           varchar(20)  not null,
    live            boolean      not null,
    attempt         integer      not null,
    image           varchar(128) not null,
    node_count      integer      not null,
    max_run_seconds bigint,
    nodes           varchar(100000) not null,
    after_nodes     varchar(100000) not null,
    submitted       timestamp(6) with time zone not null,
    started         timestamp(6) with time zone,
    attempt_started timestamp(6) with time zone,
    exit_code       integer,
    stop_reason     varchar(20),
    error           varchar(100000),
    primary key (workspace_id, run_id)
);

create index job_live on job (live);

create table image (
    image_key  varchar(128)  not null primary key,
    runtime    varchar(16)   not null,
    reference  varchar(1000)
);

-- What an image is made from; written once, when the first job asks for it.
create table image_definition (
    image_key  varchar(128)     not null primary key,
    definition varchar(1000000) not null
);

create table operation (
    id              varchar(200) not null primary key,
    sequence_number bigint       not null,
    workspace_id    varchar(36)  not null,
    target          varchar(64)  not null,
    done            boolean      not null,
    started_on      timestamp(6) with time zone not null
);

create table counter (
    name  varchar(32) not null primary key,
    value_ bigint     not null
);

insert into counter (name, value_) values ('sequence', 0);
