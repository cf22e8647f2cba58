"""Reference pictures: tell the size of any picture, and make it the JPEG that a video API takes."""

import io

from PIL import Image, ImageCms, JpegImagePlugin

from bot.domain.errors import UnreadableImage
from bot.domain.fit import Fit
from bot.domain.video import Size
from bot.media import framing
from bot.media.header import Picture, open_picture

_BACKGROUND = (255, 255, 255)
_MAX_PROFILE = 4 << 20  # a CMYK press profile has 0.5 to 3 MiB

# What turns the stored pixels upright (EXIF 2.32, tag 0x0112).
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def picture_size(data: bytes) -> Size:
    """Read a picture's size after rotation from its header.

    Raises:
        UnreadableImage: see `open_picture`.
    """
    return open_picture(data).size


def fit_picture(data: bytes, size: Size, fit: Fit = Fit.CROP) -> bytes:
    """Return a JPEG of exactly this size: upright, opaque, sRGB, cropped or framed around its centre.

    Of an animation the first frame is taken; transparency becomes white. Nothing but pixels is carried over.

    Raises:
        UnreadableImage: see `open_picture`; also when the pixels are damaged or missing.
    """
    picture = open_picture(data)
    try:
        fitted = _fit(picture, size, fit)
    except Exception as exc:  # decoders raise anything when the bytes are hostile
        raise UnreadableImage(f"the pixels cannot be read: {exc}") from exc
    out = io.BytesIO()
    fitted.save(out, "JPEG", quality=92, subsampling=0)
    return out.getvalue()


def _fit(picture: Picture, size: Size, fit: Fit) -> Image.Image:
    """Decode, then scale before turning and colour conversion: both are cheaper on the small picture."""
    image = picture.image
    box = (size.height, size.width) if picture.lies_on_its_side else (size.width, size.height)
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        image.draft(None, (box[0] * 2, box[1] * 2))  # libjpeg scales while it decodes; twice keeps it sharp
    image.load()
    profile = image.info.get("icc_profile")
    fitted = framing.scale(_opaque(image), box, fit)
    fitted = framing.frame(_srgb(fitted, profile), box, fit)
    turn = _UPRIGHT.get(picture.orientation)
    return fitted if turn is None else fitted.transpose(turn)


def _opaque(image: Image.Image) -> Image.Image:
    """Return the picture as L, RGB or CMYK."""
    if image.mode.startswith("I"):  # 16 bits of grey; `convert` alone would clip them
        return image.point(lambda value: value / 257).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        flat = Image.new("RGB", layer.size, _BACKGROUND)
        flat.paste(layer, mask=layer)
        return flat
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def _srgb(image: Image.Image, profile: object) -> Image.Image:
    """Apply the embedded colour profile; without a usable one the numbers are taken as sRGB."""
    if isinstance(profile, bytes) and len(profile) <= _MAX_PROFILE:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")
