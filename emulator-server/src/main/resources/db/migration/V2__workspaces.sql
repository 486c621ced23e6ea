-- What Azure Resource Manager knows: subscriptions, groups, workspaces, deployments, and the workspaces' datastores.
-- Names are found without case: *_key columns hold them in lower case.

create table subscription (
    id         varchar(64) primary key,
    created_on timestamp with time zone not null
);

create table resource_group (
    id               varchar(36) primary key,
    subscription_key varchar(64)  not null,
    name_key         varchar(90)  not null,
    subscription     varchar(64)  not null,
    name             varchar(90)  not null,
    location         varchar(60)  not null,
    created_on       timestamp with time zone not null,
    document         varchar(1000000) not null,
    constraint resource_group_name unique (subscription_key, name_key)
);

create table workspace (
    id               varchar(36) primary key,
    subscription_key varchar(64)  not null,
    group_key        varchar(90)  not null,
    name_key         varchar(64)  not null,
    subscription     varchar(64)  not null,
    resource_group   varchar(90)  not null,
    name             varchar(64)  not null,
    location         varchar(60)  not null,
    created_on       timestamp with time zone not null,
    modified_on      timestamp with time zone not null,
    document         varchar(1000000) not null,
    constraint workspace_name unique (subscription_key, group_key, name_key)
);

create table deployment (
    id               varchar(36) primary key,
    subscription_key varchar(64)  not null,
    group_key        varchar(90)  not null,
    name_key         varchar(64)  not null,
    subscription     varchar(64)  not null,
    resource_group   varchar(90)  not null,
    name             varchar(64)  not null,
    created_on       timestamp with time zone not null,
    document         varchar(1000000) not null,
    constraint deployment_name unique (subscription_key, group_key, name_key)
);

create table arm_operation (
    id               varchar(36) primary key,
    subscription_key varchar(64) not null,
    created_on       timestamp with time zone not null
);

create index arm_operation_age on arm_operation (created_on);

create table datastore (
    id           varchar(36) primary key,
    workspace_id varchar(36)  not null references workspace (id) on delete cascade,
    name_key     varchar(255) not null,
    name         varchar(255) not null,
    is_default   boolean      not null,
    created_on   timestamp with time zone not null,
    modified_on  timestamp with time zone not null,
    document     varchar(1000000) not null,
    secrets      varchar(100000)  not null,
    constraint datastore_name unique (workspace_id, name_key)
);
