"""Picture: the reference image of a request, checked and decoded."""

from io import BytesIO

from PIL import Image, ImageOps

from bot.preview.errors import ApiError, invalid

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 20 * 1024 * 1024

NOT_A_PICTURE = "input_reference must be a JPEG, PNG or WebP image"
WRONG_SIZE = "Inpaint image must match the requested width and height"


def rgb_rows(data: bytes, size: tuple[int, int]) -> bytes:
    """Return the picture as RGB24 rows of exactly `size`; transparent parts become black.

    The size in the header is checked before a single pixel is decoded, so that a decompression bomb costs
    nothing. Raises ApiError with status 400.
    """
    if len(data) > MAX_BYTES:
        raise invalid("input_reference", "input_reference must not be larger than 20 MiB")
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            # a camera may store the picture on its side and say so
            if sorted(picture.size) != sorted(size):
                raise wrong_size()
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            if upright.size != size:
                raise wrong_size()
            if upright.has_transparency_data:
                rgba = upright.convert("RGBA")
                upright = Image.alpha_composite(Image.new("RGBA", size, "black"), rgba)
            return upright.convert("RGB").tobytes()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise wrong_size() from exc
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as exc:
        raise invalid("input_reference", NOT_A_PICTURE) from exc


def wrong_size() -> ApiError:
    """Return the error for a picture that is not exactly as large as the video."""
    return ApiError(status=400, message=WRONG_SIZE, code="invalid_parameter", param="input_reference")
