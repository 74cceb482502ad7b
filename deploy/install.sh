#!/bin/sh
# 合医离线安装。在解开的安装包内运行：sudo ./install.sh [--prefix /opt/heyi] [--config /etc/heyi] [--state /var/lib/heyi]
# Offline installation; run inside the unpacked bundle. Nothing is fetched from anywhere.
#   --no-user     不建立系统用户 heyi（由当前用户运行） / run as the current user
#   --no-systemd  不安装 systemd 单元 / do not install systemd units
set -eu

prefix=/opt/heyi
config=/etc/heyi
state=/var/lib/heyi
user=heyi
systemd=yes
while [ $# -gt 0 ]; do
  case "$1" in
    --prefix) prefix=$2; shift 2 ;;
    --config) config=$2; shift 2 ;;
    --state) state=$2; shift 2 ;;
    --no-user) user=$(id -un); shift ;;
    --no-systemd) systemd=no; shift ;;
    *) echo "不认识的选项 $1 / unknown option" >&2; exit 2 ;;
  esac
done

cd "$(dirname "$0")"
echo "核对文件 / checking files …"
sha256sum --check --quiet SHA256SUMS || { echo "文件与 SHA256SUMS 不符，请重新取得安装包" >&2; exit 1; }

if [ -x node/node ]; then node=$PWD/node/node; else node=$(command -v node || true); fi
[ -n "$node" ] || { echo "没有找到 Node，请安装 Node 20.19 以上，或使用带 Node 的安装包" >&2; exit 1; }
"$node" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
  || { echo "Node 版本过旧：$("$node" --version)，需要 20.19 以上" >&2; exit 1; }

if [ "$user" = heyi ] && ! id heyi >/dev/null 2>&1; then
  useradd --system --home-dir "$state" --shell /usr/sbin/nologin heyi
fi
group=$(id -gn "$user")

version=$("$node" -p 'require("./package.json").version')
release=$prefix/releases/$version
echo "安装到 / installing into $release"
mkdir -p "$prefix/releases" "$prefix/bin" "$config" "$state/files" "$state/state"
rm -rf "$release.unfinished"
cp -R . "$release.unfinished"
chmod -R go-w "$release.unfinished"
ln -s "$state/state" "$release.unfinished/.heyi"
rm -rf "$release"
mv "$release.unfinished" "$release"

if [ -x "$release/node/node" ]; then ln -sfn "$release/node/node" "$prefix/bin/node"; else ln -sfn "$node" "$prefix/bin/node"; fi
ln -sfn "$release" "$prefix/current.new"
mv -T "$prefix/current.new" "$prefix/current"

if [ ! -e "$config/heyi.env" ]; then
  sed -e "s#/etc/heyi#$config#g" -e "s#/var/lib/heyi#$state#g" deploy/heyi.env.example > "$config/heyi.env"
  chmod 0640 "$config/heyi.env"
fi
cat > "$prefix/bin/heyi" <<WRAPPER
#!/bin/sh
set -a
. "$config/heyi.env"
set +a
exec "$prefix/bin/node" "$prefix/current/bin/heyi.mjs" "\$@"
WRAPPER
chmod 0755 "$prefix/bin/heyi"
chown -R "$user:$group" "$state"
chown -R "root:$group" "$config" 2>/dev/null || chown -R "$user:$group" "$config"
chmod 0770 "$config"

if [ "$systemd" = yes ] && command -v systemctl >/dev/null 2>&1; then
  for unit in deploy/systemd/*.service; do
    sed -e "s#/opt/heyi#$prefix#g" -e "s#/etc/heyi#$config#g" -e "s#/var/lib/heyi#$state#g" "$unit" \
      > "/etc/systemd/system/$(basename "$unit")"
  done
  systemctl daemon-reload || true
fi

cat <<NEXT
已安装 $version。接下来：
  1. 编辑 $config/heyi.env（数据库、站点文件夹、密钥文件）
  2. 把站点配置放到 $config/site（可从 $prefix/current/config/demo 复制后修改）
  3. $prefix/bin/heyi doctor        逐项检查
  4. $prefix/bin/heyi migrate       建立数据库结构
  5. systemctl enable --now heyi-api heyi-scheduler heyi-worker@1 heyi-worker@2
NEXT
