#!/bin/sh
# make-vm-image.sh SUITE ARCH FOLDER: the Debian that test-vm.sh boots, as FOLDER/image and, to work in, FOLDER/root.
#
# Done anew only where this file, or what it puts into the image, has changed.
set -eu
suite=$1
architecture=$2
folder=$3
image=$folder/image
root=$folder/root

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

# All else is brought along at each run.
ingredients() {
    cat "$0" tests/vm/guest.service
}

from_debian=
[ "$suite" != trixie ] || from_debian=,python3-rtmidi
! ingredients | cmp -s - "$image/made-of" || exit 0
rm -rf "$image" "$root"
mkdir -p "$image"
mmdebstrap --quiet --mode=root --variant=minbase --architectures="$architecture" \
    --include="systemd-sysv,udev,dbus,kmod,python3,python3-venv,libasound2,linux-image-$architecture$from_debian" \
    --include='mosquitto,mosquitto-clients,overlayroot,busybox,e2fsprogs,cryptsetup-bin' \
    --aptopt='Apt::Install-Recommends "false"' --dpkgopt='force-unsafe-io' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' $(unneeded) \
    --essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d"' \
    --essential-hook='printf "MODULES=list\nCOMPRESS=gzip\nRESUME=none\nFSTYPE=ext4\n" >"$1/etc/initramfs-tools/conf.d/vm"' \
    --essential-hook='printf "virtio_pci\nvirtio_blk\next4\noverlay\n" >"$1/etc/initramfs-tools/modules"' \
    --customize-hook='echo antiphon-vm >"$1/etc/hostname"; : >"$1/etc/machine-id"; mkdir "$1/mnt/host"' \
    --customize-hook='echo "/dev/vda / ext4 defaults 0 1" >"$1/etc/fstab"; chroot "$1" systemctl mask -q getty@tty1 apt-daily.timer apt-daily-upgrade.timer' \
    --customize-hook='chroot "$1" systemctl disable -q mosquitto' \
    --customize-hook='upload tests/vm/guest.service /etc/systemd/system/guest.service' \
    --customize-hook='chroot "$1" systemctl enable -q guest.service' \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*' \
    "$suite" "$root"
mv "$root"/boot/vmlinuz-* "$image/kernel"
mv "$root"/boot/initrd.img-* "$image/initrd"
mke2fs -q -t ext4 -d "$root" "$image/root.ext4" 2600M
ingredients >"$image/made-of"
