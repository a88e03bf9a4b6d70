#!/bin/sh
# test-vm.sh: the installed service in a virtual machine with Debian's own kernel, systemd and ALSA.
#
# Needs root, qemu and mmdebstrap; where one is missing, a line says so and nothing fails. SUITE is bookworm or
# trixie. The image is kept in build/vm and made anew only when this file has changed. The processor is emulated, so
# that it runs anywhere; nothing about time is asserted here but that a keyboard plays within 2 s.
set -eu
SUITE=${SUITE:-bookworm}
case $SUITE in
    bookworm) version=3.11 ;;
    trixie) version=3.13 ;;
    *) echo "test-vm: SUITE is bookworm or trixie, not $SUITE" >&2; exit 1 ;;
esac
PYTHON=${PYTHON:-python3}
folder=build/vm/$SUITE
image=$folder/image
LIMIT=${LIMIT:-900}

skip() {
    echo "test-vm: skipped, $*" >&2
    exit 0
}

[ "$(uname -m)" = x86_64 ] || skip 'only the machine for amd64 is made so far'
[ "$(id -u)" = 0 ] || skip 'only root can make the image'
for tool in qemu-system-x86_64 qemu-img mmdebstrap mke2fs; do
    PATH="$PATH:/usr/sbin" command -v "$tool" >/dev/null || skip "$tool is missing (packages qemu-system-x86 qemu-utils mmdebstrap e2fsprogs)"
done
PATH="$PATH:/usr/sbin"

# Parts of the kernel that are never needed here and would take most of the time.
unneeded() {
    for part in drivers/gpu drivers/infiniband drivers/scsi drivers/ata drivers/iio drivers/staging \
        drivers/net/ethernet drivers/net/wireless drivers/net/usb drivers/isdn drivers/mtd drivers/bluetooth drivers/md \
        drivers/target drivers/video drivers/mmc drivers/nvme drivers/hid drivers/input net/bluetooth net/wireless \
        net/mac80211 net/netfilter net/sched fs/xfs fs/btrfs fs/ocfs2 fs/ceph fs/nfs fs/nfsd sound/soc sound/pci; do
        echo "--dpkgopt=path-exclude=/lib/modules/*/kernel/$part/*"
        echo "--dpkgopt=path-exclude=/usr/lib/modules/*/kernel/$part/*"
    done
}

make_image() {
    root=$folder/root
    rm -rf "$image" "$root"
    mkdir -p "$image"
    mmdebstrap --quiet --mode=root --variant=minbase --architectures=amd64 \
        --include="systemd-sysv,udev,dbus,kmod,python3,python3-venv,libasound2,linux-image-amd64$extra" \
        --aptopt='Apt::Install-Recommends "false"' --dpkgopt='force-unsafe-io' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' $(unneeded) \
        --essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d"' \
        --essential-hook='printf "MODULES=list\nCOMPRESS=gzip\nRESUME=none\nFSTYPE=ext4\n" >"$1/etc/initramfs-tools/conf.d/vm"' \
        --essential-hook='printf "virtio_pci\nvirtio_blk\next4\n" >"$1/etc/initramfs-tools/modules"' \
        --customize-hook='echo antiphon-vm >"$1/etc/hostname"; : >"$1/etc/machine-id"; mkdir "$1/mnt/host"' \
        --customize-hook='echo "/dev/vda / ext4 defaults 0 1" >"$1/etc/fstab"; chroot "$1" systemctl mask -q getty@tty1 apt-daily.timer apt-daily-upgrade.timer' \
        --customize-hook='echo snd-virmidi >"$1/etc/modules-load.d/instrument.conf"' \
        --customize-hook='upload tests/vm/guest.service /etc/systemd/system/guest.service' \
        --customize-hook='chroot "$1" systemctl enable -q guest.service' \
        --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*' \
        "$SUITE" "$root"
    mv "$root"/boot/vmlinuz-* "$image/kernel"
    mv "$root"/boot/initrd.img-* "$image/initrd"
    mke2fs -q -t ext4 -d "$root" "$image/root.ext4" 2600M
    rm -rf "$root"
    cp "$0" "$image/made-by"
}

# Everything that the installer is given: wheels, its own folder, and the program that tests it.
make_payload() {
    rm -rf "$folder/payload"
    mkdir -p "$folder/payload/wheels" build/vm/wheels-$version
    wheels=build/vm/wheels-$version
    rm -f $wheels/antiphon-*.whl
    "$PYTHON" -m pip wheel --quiet --no-deps --wheel-dir $wheels .
    requirements=$(echo $wheels/antiphon-*.whl)
    platforms=
    for each in 2_28 2_27 2_17; do
        platforms="$platforms --platform manylinux_${each}_x86_64"
    done
    # What has no wheel for this Python comes from Debian; see install.sh.
    "$PYTHON" -m pip download --quiet --dest $wheels --find-links $wheels --python-version $version --only-binary=:all: \
        $platforms --platform manylinux2014_x86_64 "$requirements[mqtt,osc,web]"
    "$PYTHON" -m pip download --quiet --dest $wheels --find-links $wheels --python-version $version --only-binary=:all: \
        $platforms --platform manylinux2014_x86_64 "$requirements[midi]" 2>/dev/null || true
    cp $wheels/*.whl "$folder/payload/wheels/"
    cp -r systemd tests/vm/guest.py "$folder/payload/"
    rm -f "$folder/payload.ext4"
    mke2fs -q -t ext4 -d "$folder/payload" "$folder/payload.ext4" 400M
}

# Boots once; ends when the guest switches itself off, or at its word, as if the plug were pulled.
boot() {
    : >"$folder/told"
    qemu-system-x86_64 -M q35 -cpu max -accel tcg,thread=multi,tb-size=512 -m 1024 -smp "${SMP:-2}" \
        -nodefaults -no-user-config -display none -no-reboot -kernel "$image/kernel" -initrd "$image/initrd" \
        -append 'root=/dev/vda rw console=ttyS0 quiet panic=-1 mitigations=off audit=0 apparmor=0 tsc=reliable net.ifnames=0' \
        -drive "file=$folder/disk.qcow2,if=virtio" -drive "file=$folder/payload.ext4,format=raw,if=virtio,snapshot=on" \
        -serial "file:$folder/console" -serial "file:$folder/told" -device virtio-rng-pci &
    machine=$!
    waited=0
    while kill -0 $machine 2>/dev/null; do
        if grep -q 'PULL THE PLUG' "$folder/told"; then
            kill -KILL $machine
        elif [ $waited -ge "$LIMIT" ]; then
            echo "test-vm: not done after $LIMIT s" >&2
            kill -KILL $machine
        fi
        sleep 1
        waited=$((waited + 1))
    done
    wait $machine 2>/dev/null || true
    tr -d '\r' <"$folder/told"
}

extra=
[ "$SUITE" = bookworm ] || extra=,python3-rtmidi
cmp -s "$0" "$image/made-by" || make_image
[ -z "${IMAGE_ONLY:-}" ] || exit 0
make_payload
rm -f "$folder/disk.qcow2"
qemu-img create -q -f qcow2 -F raw -b image/root.ext4 "$folder/disk.qcow2"
boot
grep -q 'PULL THE PLUG' "$folder/told" || exit 1
boot
grep -q 'ALL IS WELL' "$folder/told"
