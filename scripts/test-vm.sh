#!/bin/sh
# test-vm.sh: the installed service in a virtual machine with Debian's own kernel, systemd and ALSA.
#
# Needs root, qemu and mmdebstrap; where one is missing, a line says so and nothing fails. SUITE is bookworm or
# trixie, ARCH amd64 or arm64; BRIEF=1 leaves out all but installing, answering, a kill, an unplugged keyboard and
# removing, as is always done on arm64. ACTS names single acts of tests/vm/guest.py, such as packaged, which needs none
# of the others; those that need one find the disk as it was left. The image is kept in build/vm. The processor is emulated, so that it runs anywhere; where KVM works,
# ACCEL=kvm is many times faster. Nothing about time is asserted but that a keyboard plays within 2 s, and that a
# recording loses a second at most.
set -eu
SUITE=${SUITE:-bookworm}
ARCH=${ARCH:-amd64}
PYTHON=${PYTHON:-python3}
LIMIT=${LIMIT:-3600}
BRIEF=${BRIEF:-}
ACCEL=${ACCEL:-tcg,thread=multi,tb-size=512}
[ "$ARCH" != arm64 ] || BRIEF=1
[ -z "$BRIEF" ] || ACTS=briefly
ACTS=${ACTS:-installed in_company in_memory over_alsa loses_power recovered packaged}
PATH="$PATH:/usr/sbin"
folder=build/vm/$SUITE-$ARCH
image=$folder/image
root=$folder/root

case $SUITE in
    bookworm) version=3.11 ;;
    trixie) version=3.13 ;;
    *) echo "test-vm: SUITE is bookworm or trixie, not $SUITE" >&2; exit 1 ;;
esac
case $ARCH in
    amd64) machine=x86_64 emulator='qemu-system-x86_64 -M q35 -cpu max' console=ttyS0 packages=qemu-system-x86 ;;
    arm64) machine=aarch64 emulator='qemu-system-aarch64 -M virt -cpu cortex-a72' console=ttyAMA0
        packages='qemu-system-arm qemu-user-static arch-test' ;;
    *) echo "test-vm: ARCH is amd64 or arm64, not $ARCH" >&2; exit 1 ;;
esac

skip() {
    echo "test-vm: skipped, $*" >&2
    exit 0
}

has_tools() {
    for tool in "${emulator%% *}" qemu-img mmdebstrap mke2fs; do
        command -v "$tool" >/dev/null || return 1
    done
}

[ "$(id -u)" = 0 ] || skip 'only root can make the image'
[ "$(uname -m)" = $machine ] || [ $ARCH = arm64 ] || skip 'the machine for amd64 is made on amd64'
has_tools || sh scripts/install-system-packages.sh 'the service is not tried in a virtual machine' \
    qemu-utils mmdebstrap e2fsprogs $packages || exit 0
[ $ARCH = amd64 ] || sh scripts/allow-arm64.sh ||
    skip 'programs for arm64 cannot be started here (packages qemu-user-static, arch-test)'

download() {
    platforms=
    for each in 2_28 2_27 2_17; do
        platforms="$platforms --platform manylinux_${each}_$machine"
    done
    "$PYTHON" -m pip download --quiet --dest "$wheels" --find-links "$wheels" --python-version $version \
        --only-binary=:all: $platforms --platform "manylinux2014_$machine" "$@"
}

gather_wheels() {
    wheels=build/vm/wheels-$version-$ARCH
    mkdir -p "$wheels"
    rm -f "$wheels"/antiphon-*.whl
    "$PYTHON" -m pip wheel --quiet --no-deps --wheel-dir "$wheels" .
    wheel=$(echo "$wheels"/antiphon-*.whl)
    download "$wheel[mqtt,osc,web,serial,jack]"
    # What has no wheel for this Python comes from Debian; see install.sh.
    download "$wheel[midi]" 2>/dev/null || true
}

# The package is built in the very Debian that it is for.
make_package() {
    rm -rf "$root/build"
    mkdir -p "$root/build/daemon/antiphon"
    cp -r systemd scripts "$wheels" "$root/build/"
    cp daemon/antiphon/__init__.py "$root/build/daemon/antiphon/"
    mount -t proc proc "$root/proc"
    trap 'umount "$root/proc"' EXIT
    chroot "$root" sh -c "cd /build && WHEELS=$(basename "$wheels") sh scripts/make-deb.sh" >"$folder/package.log" 2>&1 || {
        tail -20 "$folder/package.log" >&2
        exit 1
    }
    umount "$root/proc"
    trap - EXIT
    cp "$root"/build/build/antiphon_*.deb "$folder/payload/"
}

# The tests over ALSA, which has a sequencer in hardly any container.
pack_tests() {
    mkdir -p "$folder/payload/tests"
    cp tests/adapters/midi/test_alsa_*.py tests/support/*.py "$folder/payload/tests/"
    "$PYTHON" -m pip install --quiet --target "$folder/payload/pytest" --python-version $version --only-binary=:all: pytest
}

# Everything that the machine is given: wheels, the installer's own folder, the package, the program that tests.
make_payload() {
    rm -rf "$folder/payload"
    mkdir -p "$folder/payload"
    gather_wheels
    cp -r "$wheels" "$folder/payload/wheels"
    cp -r systemd tests/vm "$folder/payload/"
    case $ACTS in *packaged*) make_package ;; esac
    case $ACTS in *over_alsa*) pack_tests ;; esac
    rm -f "$folder/payload.ext4"
    mke2fs -q -t ext4 -d "$folder/payload" "$folder/payload.ext4" 500M
}

# Boots once, for one act; ends when the guest switches itself off, or at its word, as if the plug were pulled.
boot() {
    act=$1
    shift
    : >"$folder/told"
    # Between its second serial line and its third lies a cable.
    $emulator -accel "$ACCEL" -m 1024 -smp "${SMP:-2}" \
        -nodefaults -no-user-config -display none -no-reboot -kernel "$image/kernel" -initrd "$image/initrd" \
        -append "root=/dev/vda rw console=$console quiet panic=-1 mitigations=off audit=0 apparmor=0 tsc=reliable net.ifnames=0 systemd.default_device_timeout_sec=900 antiphon.act=$act $*" \
        -drive "file=$folder/disk.qcow2,if=virtio" -drive "file=$folder/payload.ext4,format=raw,if=virtio,snapshot=on" \
        -serial "file:$folder/console" -device virtio-serial-pci \
        -chardev "file,id=told,path=$folder/told" -device virtserialport,chardev=told,name=told \
        -chardev "socket,id=left,path=$folder/cable,server=on,wait=off" -device pci-serial,chardev=left \
        -chardev "socket,id=right,path=$folder/cable" -device pci-serial,chardev=right \
        -device virtio-rng-pci &
    guest=$!
    waited=0
    while kill -0 $guest 2>/dev/null; do
        if grep -q 'PULL THE PLUG' "$folder/told"; then
            kill -KILL $guest
        elif [ $waited -ge "$LIMIT" ]; then
            echo "test-vm: not done after $LIMIT s" >&2
            kill -KILL $guest
        fi
        sleep 1
        waited=$((waited + 1))
    done
    wait $guest 2>/dev/null || true
    cp "$folder/told" "$folder/told-$act"
    cat "$folder/told"
    grep -qE 'PULL THE PLUG|ALL IS WELL' "$folder/told"
}

sh scripts/make-vm-image.sh "$SUITE" "$ARCH" "$folder"
[ -z "${IMAGE_ONLY:-}" ] || exit 0
make_payload
case $ACTS in
    installed* | packaged* | briefly*) qemu-img create -q -f qcow2 -F raw -b image/root.ext4 "$folder/disk.qcow2" ;;
esac
for act in $ACTS; do
    case $act in
        in_memory | over_alsa) boot "$act" overlayroot=tmpfs ;;
        recovered) boot "$act" "antiphon.counted=$(sed -n 's/^.* counted \([0-9]*\)$/\1/p' "$folder/told-loses_power" | tail -n 1)" ;;
        *) boot "$act" ;;
    esac
done
