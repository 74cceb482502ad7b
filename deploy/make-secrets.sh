#!/bin/sh
# 为 compose.yaml 生成全部口令与密钥，只在不存在时生成。以 root 运行：容器内的用户是 10001。
# Makes the passwords and keys compose.yaml names; existing ones are left alone.
#   用法 / usage: ./make-secrets.sh [目标文件夹，缺省为本脚本旁的 secrets]
set -eu
folder=${1:-$(dirname "$0")/secrets}
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { [ -e "$folder/$1" ] || printf '%s\n' "$2" > "$folder/$1"; }

umask 077
mkdir -p "$folder/keys"
keep db_password "$(random)"
keep redis_password "$(random)"
keep database_url "postgres://heyi:$(cat "$folder/db_password")@postgres:5432/heyi"
keep redis_url "redis://:$(cat "$folder/redis_password")@redis:6379"
keep redis.conf "requirepass $(cat "$folder/redis_password")
maxmemory-policy noeviction
appendonly yes
appendfsync everysec"
keep certificate_key "$(random)"
keep metrics_token "$(random)"
# 文件夹只有 root 能进入；文件在容器内须可读 / the folder is closed, the files are read inside the containers
chmod 0444 "$folder"/db_password "$folder"/redis_password "$folder"/database_url "$folder"/redis_url "$folder"/redis.conf \
  "$folder"/certificate_key "$folder"/metrics_token
if [ "$(id -u)" = 0 ]; then chown 10001:10001 "$folder/keys"; fi
echo "已备好 $folder；keys/ 将存放主密钥，请把整个文件夹另行备份"
